"""What a plan says, by the reads that plans and summaries share (`paper_content`)."""

from campaigns.queries.paper_content import content_of, due_label, duty_label, item_content, items_content

__all__ = ["content_of", "due_label", "duty_label", "item_content", "items_content"]
