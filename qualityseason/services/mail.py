"""Mail, where an installation has set it (EMAIL_URL): a sentence for what went wrong, never an exception."""

from __future__ import annotations

import logging
import smtplib

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def send_mail(address: str, *, subject: str, text: str) -> str:
    """Send a plain text to one address; returns '' or the sentence that says why it did not go out."""
    try:
        EmailMessage(subject=subject, body=text, to=[address]).send()
    except smtplib.SMTPAuthenticationError:
        logger.exception("mail: login refused")
        return _("The mail server does not accept the portal's login; the administrator looks at EMAIL_URL.")
    except (smtplib.SMTPRecipientsRefused, ValueError):
        logger.warning("mail: address refused", exc_info=True)
        return _("The mail server does not take mail for this address; correct it in the list of accounts.")
    except (smtplib.SMTPException, OSError):
        logger.exception("mail: server out of reach")
        return _("The mail server could not be reached; the mail goes out with the next sending.")
    return ""
