from django.urls import path

from campaigns.views import accounts, campaign, classes, home, imports, people, staff

SEASON = "campaigns/<slug:campaign>/"

app_name = "campaigns"
urlpatterns = [
    path("", home.home, name="home"),
    path(SEASON, home.campaign_home, name="campaign-home"),
    path(SEASON + "scheme/", campaign.campaign, name="campaign"),
    path(SEASON + "departments/", campaign.departments, name="departments"),
    path(SEASON + "departments/<uuid:uuid>/", campaign.department, name="department"),
    path(SEASON + "people/", people.people, name="people"),
    path(SEASON + "memberships/new/", people.membership_add, name="membership-add"),
    path(SEASON + "memberships/<uuid:uuid>/end/", people.membership_end, name="membership-end"),
    path(SEASON + "interests/new/", people.interest_add, name="interest-add"),
    path(SEASON + "interests/<uuid:uuid>/end/", people.interest_end, name="interest-end"),
    path(SEASON + "responsibilities/new/", people.responsibility_add, name="responsibility-add"),
    path(SEASON + "responsibilities/<uuid:uuid>/remove/", people.responsibility_remove, name="responsibility-remove"),
    path(SEASON + "accounts/", accounts.accounts, name="accounts"),
    path(SEASON + "accounts/new/", accounts.account_add, name="account-add"),
    path(SEASON + "accounts/slips/", accounts.account_slips, name="account-slips"),
    path(SEASON + "accounts/unlock/", accounts.account_unlock, name="account-unlock"),
    path(SEASON + "staff/", staff.staff, name="staff"),
    path(SEASON + "staff/new/", staff.staff_add, name="staff-add"),
    path(SEASON + "staff/<uuid:uuid>/", staff.staff_edit, name="staff-edit"),
    path(SEASON + "staff/<uuid:uuid>/postings/new/", staff.posting_add, name="posting-add"),
    path(SEASON + "classes/", classes.classes, name="classes"),
    path(SEASON + "classes/new/", classes.class_add, name="class-add"),
    path(SEASON + "classes/<uuid:uuid>/", classes.class_edit, name="class-edit"),
    path(SEASON + "imports/", imports.imports, name="imports"),
    path(SEASON + "imports/new/<slug:kind>/", imports.import_new, name="import-new"),
    path(SEASON + "imports/template/<slug:kind>/", imports.import_template, name="import-template"),
    path(SEASON + "imports/<uuid:uuid>/", imports.import_batch, name="import"),
    path(SEASON + "imports/<uuid:uuid>/apply/", imports.import_apply, name="import-apply"),
    path(SEASON + "imports/<uuid:uuid>/annotated/", imports.import_annotated, name="import-annotated"),
    path(SEASON + "imports/<uuid:uuid>/withdraw/", imports.import_withdraw, name="import-withdraw"),
]
