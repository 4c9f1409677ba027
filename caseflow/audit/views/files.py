"""The files of an audit: ask the worker for one, download one."""

from uuid import UUID

from flask import flash, request
from werkzeug.wrappers import Response

from caseflow.audit import queries, services
from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.views.frame import blueprint, to_audit, today
from caseflow.cases.files import read_document
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires


@blueprint.post("/audits/<uuid:id>/files")
@requires(Action.Audit.FILE, load=queries.get_audit, step_up=True)
def make(audit: Audit) -> Response:
    """Ask the worker for one case's file or trail."""
    asked = {"audit_id": audit.id, "file_id": _posted("file_id"), "case_id": _posted("case_id")}
    what, day = request.form.get("what", ""), today()
    with writing():
        services.ask_file(actor=current_actor(), what=what, today=day, now=request_time(), **asked)
    flash(_("It is being made. You may leave this page."), "wait")
    return to_audit(asked["audit_id"])


@blueprint.get("/audits/<uuid:id>/files/<uuid:file_id>")
@requires(Action.Audit.FILE, load=queries.get_audit)
def download(audit: Audit, file_id: UUID) -> Response:
    """The PDF, named by the case number; that it was opened is recorded first."""
    audit_id = audit.id
    with writing():
        services.open_file(actor=current_actor(), audit_id=audit_id, file_id=file_id, now=request_time())
    return _pdf(queries.get_file(audit_id, file_id))


@blueprint.post("/audits/<uuid:id>/trail")
@requires(Action.Audit.TRAIL, load=queries.get_audit, step_up=True)
def make_trail(audit: Audit) -> Response:
    """Ask the worker for the trail of the audit itself."""
    audit_id, file_id, day = audit.id, _posted("file_id"), today()
    with writing():
        services.ask_trail(actor=current_actor(), audit_id=audit_id, file_id=file_id, today=day, now=request_time())
    flash(_("It is being made. You may leave this page."), "wait")
    return to_audit(audit_id)


@blueprint.get("/audits/<uuid:id>/trail/<uuid:paper_id>")
@requires(Action.Audit.TRAIL, load=queries.get_audit)
def download_trail(audit: Audit, paper_id: UUID) -> Response:
    """The trail of the audit as PDF; that it was opened is recorded first."""
    audit_id = audit.id
    with writing():
        services.open_trail(actor=current_actor(), audit_id=audit_id, file_id=paper_id, now=request_time())
    return _pdf(queries.get_file(audit_id, paper_id))


def _pdf(made: AuditFile) -> Response:
    document = queries.kept_document(made)
    kept, content = vault.read(document), read_document(document)
    answer = Response(content, mimetype=kept["media_type"])
    answer.headers["Content-Disposition"] = f'attachment; filename="{kept["name"]}"'
    return answer


def _posted(name: str) -> UUID:
    """An id that the form carried. Raises NotFound for anything else: nobody types ids."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise NotFound() from None
