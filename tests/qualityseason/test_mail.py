"""Mail is off until an installation sets it; what goes wrong is a sentence."""

import smtplib

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.locmem import EmailBackend

from qualityseason.environment import mail_settings
from qualityseason.services.mail import send_mail


@pytest.mark.parametrize("url", ["http://mail", "mail.example.cn:25", "smtp2://x"])
def test_a_wrong_address_of_the_server_names_the_variable(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_settings(url)


def test_the_server_is_read_from_one_variable():
    assert mail_settings("") == {}
    found = mail_settings("smtp+tls://portal%40example.cn:secret@mail.example.cn:587")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example.cn", 587, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("portal@example.cn", "secret")


class Failing(EmailBackend):
    error: Exception = OSError()

    def send_messages(self, messages):
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPAuthenticationError(535, b"no"),
        smtplib.SMTPRecipientsRefused({"x": (550, b"no")}),
        smtplib.SMTPServerDisconnected(),
        TimeoutError(),
        ConnectionRefusedError(),
    ],
)
def test_what_goes_wrong_is_a_sentence(settings, monkeypatch, error):
    settings.EMAIL_BACKEND = "tests.qualityseason.test_mail.Failing"
    monkeypatch.setattr(Failing, "error", error)
    problem = send_mail("a@example.cn", subject="s", text="t")
    assert problem
    assert len(problem) <= 200
    assert "535" not in problem


def test_a_mail_goes_out(db):
    assert send_mail("a@example.cn", subject="事项", text="正文") == ""
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("事项", ["a@example.cn"])
