"""Keeps each callback in PostgreSQL before it answers: one INSERT and commit for each, over a pool of connections."""

import json
import os
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from pydantic import BaseModel

SCHEMA = """
    CREATE TABLE IF NOT EXISTS callbacks (
        task_id text PRIMARY KEY,
        status text NOT NULL,
        output jsonb NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
    )
"""


class Callback(BaseModel):
    task_id: str
    status: str
    output: dict


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with asyncpg.create_pool(os.environ["DATABASE"], min_size=10, max_size=10) as pool:
        await pool.execute(SCHEMA)
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/done")
async def done(callback: Callback):
    # A statement alone is a transaction, committed when it returns. A sender that had no answer sends again: the second
    # time changes nothing.
    await app.state.pool.execute(
        "INSERT INTO callbacks (task_id, status, output) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        callback.task_id,
        callback.status,
        json.dumps(callback.output),
    )
    return {"status": "delivered"}
