"""Every write of the candidate list and of the path to accreditation."""

from candidates.services.listings import leave_list, list_candidate

__all__ = ["leave_list", "list_candidate"]
