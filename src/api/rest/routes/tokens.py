"""Tokens of programs, and the audit log; for admins."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.dependencies import NowDep, StoreDep
from api.middleware.access import about
from api.rest.responses import PresenterDep, answer, not_found, problems
from api.rest.schemas.operation import AuditList, NewToken, TokenAsked, TokenList
from api.tokens import new_token
from evaluator.model.access import Token
from evaluator.model.serialization import utc_text

router = APIRouter(tags=["access"])


@router.get("/tokens", operation_id="listTokens", response_model=TokenList)
def list_tokens(store: StoreDep, now: NowDep) -> Response:
    """Return every token that was ever made, without secrets."""
    return answer({"tokens": [_token(token, now) for token in store.tokens.all()]})


@router.post("/tokens", operation_id="makeToken", status_code=201, response_model=NewToken)
def make_token(
    request: Request, store: StoreDep, present: PresenterDep, now: NowDep, asked: TokenAsked
) -> Response:
    """Make a token for a program. Its secret is in this answer and nowhere else."""
    token, secret = new_token(asked.label, asked.scopes, asked.days, now)
    store.tokens.add(token)
    about(request, f"token {token.id}: {token.label}")
    return answer(
        _token(token, now) | {"secret": secret},
        201,
        Location=present.url("tokens", token.id),
        Cache_Control="no-store",
    )


@router.delete(
    "/tokens/{token}",
    operation_id="revokeToken",
    status_code=204,
    responses=problems(_404="There is no such token that could still be used."),
)
def revoke_token(
    request: Request,
    store: StoreDep,
    now: NowDep,
    token: Annotated[
        str,
        Path(description="The token's id.", pattern=r"^[0-9a-f]{1,32}$", examples=["a1b2c3d4e5f6"]),
    ],
) -> Response:
    """Revoke a token: its very next use is refused."""
    about(request, f"token {token}")
    if not store.tokens.revoke(token, now):
        raise not_found(f"There is no token `{token}` that could still be used.")
    return Response(status_code=204)


@router.get("/audit", operation_id="listAudit", response_model=AuditList)
def list_audit(
    store: StoreDep,
    limit: Annotated[int, Query(ge=1, le=500, description="How many lines.")] = 100,
) -> Response:
    """Return what was written, and what a token was refused, the newest first."""
    return answer(
        {
            "lines": [
                {
                    "at": utc_text(line.at),
                    "by": line.by,
                    "action": line.action,
                    "about": line.about,
                    "outcome": line.outcome,
                    "request_id": line.request_id,
                }
                for line in store.audit.newest(limit)
            ]
        }
    )


def _token(token: Token, now: datetime) -> dict[str, Any]:
    return {
        "id": token.id,
        "label": token.label,
        "scopes": sorted(token.scopes),
        "created_at": utc_text(token.created_at),
        "expires_at": utc_text(token.expires_at),
        "revoked_at": utc_text(token.revoked_at),
        "usable": token.valid(now),
    }
