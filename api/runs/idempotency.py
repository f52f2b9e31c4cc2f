"""`Idempotency-Key`: the same key and body lead to the same run, however often they are sent."""

import hashlib
from dataclasses import replace

from api.runs.live_run import LiveRun
from api.runs.remote_run import RemoteRun
from api.runs.run_registry import RunRegistry
from domain.errors import ConflictError, UserError
from domain.run_record import RunRecord
from graph.asked import Asked
from run_store.idempotency import IdempotencyClaim
from run_store.run_store import RunStore


class IdempotentRuns:
    """Begins a run once for each key of each user."""

    def __init__(self, runs: RunRegistry, store: RunStore) -> None:
        self._runs = runs
        self._store = store

    async def start(self, asked: Asked, key: str, body: str) -> LiveRun | RemoteRun | RunRecord:
        """Returns the run of this key: a new one, one that goes on, or the record of one.

        Raises ConflictError where the key came with another body before.
        """
        digest = hashlib.sha256(body.encode()).hexdigest()
        claim = IdempotencyClaim(asked.user.id, key, digest, asked.run_id)
        kept = await self._store.claim_key(claim)
        if kept.digest != digest:
            raise ConflictError("This Idempotency-Key came with another request before.")
        if kept.run_id != asked.run_id:
            found = self._runs.find(kept.run_id) or await self._store.record(kept.run_id)
            if found is not None:
                return found
            if await self._store.entry(kept.run_id) is not None:
                return RemoteRun(self._store, kept.run_id)
        try:
            return await self._runs.start(replace(asked, run_id=kept.run_id))
        except UserError:
            await self._store.drop_key(claim)
            raise
