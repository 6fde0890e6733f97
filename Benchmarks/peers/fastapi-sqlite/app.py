"""Keeps each callback in SQLite before it answers: one INSERT and commit for each, synced to the disk."""

import json
import os
from contextlib import asynccontextmanager

import aiosqlite
from fastapi import FastAPI
from pydantic import BaseModel

SCHEMA = """
    CREATE TABLE IF NOT EXISTS callbacks (
        task_id TEXT PRIMARY KEY,
        status TEXT NOT NULL,
        output TEXT NOT NULL,
        received_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    ) WITHOUT ROWID
"""


class Callback(BaseModel):
    task_id: str
    status: str
    output: dict


@asynccontextmanager
async def lifespan(app: FastAPI):
    # isolation_level=None: each statement is its own transaction, committed when it returns.
    async with aiosqlite.connect(os.environ["DATABASE"], isolation_level=None) as database:
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.execute(SCHEMA)
        app.state.database = database
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/done")
async def done(callback: Callback):
    # A sender that had no answer sends again: the second time changes nothing.
    await app.state.database.execute(
        "INSERT INTO callbacks (task_id, status, output) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (callback.task_id, callback.status, json.dumps(callback.output)),
    )
    return {"status": "delivered"}
