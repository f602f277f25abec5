import django.db.models.deletion
import django.db.models.expressions
import qualityseason.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0001_initial'),
        ('qualityseason', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField()),
                ('name', models.CharField(max_length=50)),
                ('full', qualityseason.fields.PointsField()),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='campaigns.campaign')),
            ],
            options={
                'ordering': ('order',),
                'constraints': [models.UniqueConstraint(fields=('campaign', 'code'), name='category_code_once'), models.CheckConstraint(condition=models.Q(('full__gt', 0)), name='category_full_positive')],
            },
        ),
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('body_hash', models.CharField(editable=False, max_length=64)),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('regular', 'Regular'), ('unscheduled', 'Unscheduled'), ('year_end', 'Year-end')], max_length=12, verbose_name='kind')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('entered_at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('assessors', models.ManyToManyField(related_name='inspections', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='campaigns.campaign')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='campaigns.department')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'inspection',
                'ordering': ('-started_at', '-id'),
                'indexes': [models.Index(fields=['campaign', '-started_at', '-id'], name='inspection_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('started_at__lte', models.F('ended_at')), _connector='OR'), name='inspection_starts_before_end')],
            },
        ),
        migrations.CreateModel(
            name='Rulebook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('basis', models.CharField(choices=[('absolute', 'Full mark less deductions'), ('best_is_full', 'The best case counts as full mark')], default='absolute', max_length=16)),
                ('contents', models.JSONField(default=list)),
                ('methods', models.JSONField(default=list)),
                ('appendix', models.JSONField(default=list)),
                ('remarks', models.JSONField(default=list)),
                ('flaws', models.JSONField(default=list)),
                ('unpriced', models.JSONField(default=list)),
                ('readings', models.JSONField(default=list)),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rulebook', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'rulebook',
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16)),
                ('clause', models.PositiveSmallIntegerField()),
                ('order', models.PositiveSmallIntegerField()),
                ('family', models.CharField(max_length=32)),
                ('exclusive_group', models.CharField(blank=True, max_length=32)),
                ('unit', models.CharField(blank=True, max_length=32)),
                ('subject', models.CharField(choices=[('none', 'Department only'), ('person', 'Person'), ('class', 'Class'), ('month', 'Month'), ('assignment', 'Assignment'), ('item', 'Item')], max_length=12)),
                ('once', models.CharField(blank=True, choices=[('department', 'Once per department'), ('season', 'Once per subject and season'), ('term', 'Once per subject and term'), ('month', 'Once per month')], max_length=12)),
                ('maximum', models.PositiveIntegerField()),
                ('attribution', models.CharField(choices=[('department', 'The department itself'), ('home', "The person's department"), ('roster', 'The department on duty'), ('teaching', 'The teaching department'), ('concerned', 'Each department concerned')], max_length=12)),
                ('excusable', models.BooleanField(default=False)),
                ('mendable', models.BooleanField(default=False)),
                ('sight', models.CharField(choices=[('automatic', 'Automatic'), ('assisted', 'Assisted'), ('eye', 'By eye')], max_length=12)),
                ('asks', models.JSONField(default=list)),
                ('block', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='campaigns.block')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='campaigns.campaign')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='scoring.category')),
            ],
            options={
                'verbose_name': 'rule',
                'ordering': ('order',),
                'constraints': [models.UniqueConstraint(fields=('campaign', 'code'), name='rule_code_once'), models.CheckConstraint(condition=models.Q(('maximum__gte', 1), models.Q(('once', ''), ('maximum', 1), _connector='OR')), name='rule_once_means_one')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('charged', qualityseason.fields.PointsField(default=0)),
                ('absorbed', qualityseason.fields.PointsField(default=0)),
                ('pending', qualityseason.fields.PointsField(default=0)),
                ('confirmed_lines', models.PositiveIntegerField(default=0)),
                ('pending_lines', models.PositiveIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='campaigns.campaign')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='scoring.category')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='campaigns.department')),
            ],
            options={
                'verbose_name': 'tally',
                'constraints': [models.UniqueConstraint(fields=('department', 'category'), name='tally_once'), models.CheckConstraint(condition=models.Q(('charged__gte', 0), ('absorbed__gte', 0), ('pending__gte', 0)), name='tally_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='InspectionMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(choices=[('not_examined', 'Not examined'), ('no_fault', 'No fault'), ('not_applicable', 'Not applicable')], max_length=16)),
                ('urged', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='scoring.inspection')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rule')),
            ],
            options={
                'verbose_name': 'mark of an inspection',
                'constraints': [models.UniqueConstraint(fields=('inspection', 'rule'), name='mark_once'), models.CheckConstraint(condition=models.Q(('result__in', ['not_examined', 'no_fault', 'not_applicable'])), name='mark_result_stored')],
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('text', models.TextField()),
                ('label', models.CharField(max_length=100)),
                ('points', qualityseason.fields.PointsField()),
                ('thresholds', models.JSONField(default=dict)),
                ('valid_from', models.DateField()),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='scoring.rule')),
            ],
            options={
                'ordering': ('rule__order', 'number'),
                'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='rule_version_number_once'), models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='rule_version_price_positive')],
            },
        ),
        migrations.CreateModel(
            name='Deduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('body_hash', models.CharField(editable=False, max_length=64)),
                ('text', models.TextField()),
                ('points', qualityseason.fields.PointsField()),
                ('quantity', models.PositiveIntegerField()),
                ('amount', qualityseason.fields.PointsField()),
                ('subject_label', models.CharField(blank=True, max_length=200)),
                ('period', models.CharField(blank=True, max_length=32)),
                ('happened_on', models.DateField()),
                ('note', models.TextField(blank=True)),
                ('answers', models.JSONField(default=dict)),
                ('charge_key', models.CharField(max_length=300, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=300)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='campaigns.importbatch')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='campaigns.campaign')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.category')),
                ('charged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='campaigns.department')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='scoring.deduction')),
                ('subject_class', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.studentclass')),
                ('subject_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.staffmember')),
                ('told_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visited', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.department')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('inspection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='scoring.inspection')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='scoring.rule')),
                ('rule_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='scoring.ruleversion')),
            ],
            options={
                'verbose_name': 'deduction',
                'ordering': ('-happened_on', '-id'),
                'indexes': [models.Index(fields=['campaign', '-happened_on', '-id'], name='deduction_latest'), models.Index(fields=['charged', '-happened_on', '-id'], name='deduction_of_department'), models.Index(fields=['rule', '-happened_on', '-id'], name='deduction_of_rule'), models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['charged', 'category', 'rule', 'confirmed_at', 'amount'], name='deduction_for_tally'), models.Index(condition=models.Q(('confirmed_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['campaign', '-happened_on', '-id'], name='deduction_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('points'), '*', models.F('quantity')), models.IntegerField()))), name='deduction_amount_is_points_times_quantity'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='deduction_quantity_positive'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('recorded_by')), _negated=True), _connector='OR'), name='deduction_confirmed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='deduction_confirmed_whole'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='deduction_withdrawn_with_reason'), models.CheckConstraint(condition=models.Q(('told_at__isnull', True), ('confirmed_at__isnull', False), _connector='OR'), name='deduction_told_after_confirmation'), models.UniqueConstraint(condition=models.Q(('charge_key__isnull', False), ('withdrawn_at__isnull', True)), fields=('campaign', 'charge_key'), name='deduction_fact_charged_once')],
            },
        ),
    ]
