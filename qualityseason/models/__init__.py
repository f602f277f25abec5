from qualityseason.models.audit import AuditEntry
from qualityseason.models.files import StoredFile
from qualityseason.models.jobs import Job
from qualityseason.models.renditions import PageImage, Rendition
from qualityseason.models.user import User

__all__ = ["AuditEntry", "Job", "PageImage", "Rendition", "StoredFile", "User"]
