"""Changing rows behind the portal's back, to see that it is noticed."""

from django.db import connection

from qualityseason import triggers


class Schema:
    """What `triggers.allow` needs of a schema editor, inside a test's transaction."""

    connection = connection

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)


def tamper(sql, *parameters, table="scoring_deduction", event="UPDATE"):
    """Change rows past the services and the database's triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a trigger can't go while foreign keys are still to be checked
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        triggers.allow(Schema(), table, event)
        cursor.execute(sql, parameters)
