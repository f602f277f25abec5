"""All urls; each name stands in a policy table."""

from django.urls import include, path

from qualityseason.views import accounts, jobs, language

urlpatterns = [
    path("login/", accounts.PortalLoginView.as_view(), name="login"),
    path("logout/", accounts.PortalLogoutView.as_view(), name="logout"),
    path("password/", accounts.PasswordView.as_view(), name="password"),
    path("language/", language.language, name="language"),
    path("jobs/<uuid:uuid>/", jobs.job, name="job"),
    path("jobs/<uuid:uuid>/file/", jobs.job_file, name="job-file"),
    path("", include("campaigns.urls")),
    path("", include("scoring.urls")),
]

handler400 = "qualityseason.views.errors.bad_request"
handler403 = "qualityseason.views.errors.permission_denied"
handler404 = "qualityseason.views.errors.page_not_found"
handler500 = "qualityseason.views.errors.server_error"
