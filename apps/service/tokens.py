"""Tokens: who may ask the API what. Only their hashes are stored.

A token is 256 random bits, so nobody can guess it from its SHA-256 hash; a slow hash, as passwords
need, would only slow down each request. The tokens of a shop are a small JSON file:

    {"website": {"sha256": "9f86d0…", "scopes": ["read", "write"]}}
"""

import hmac
import re
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

SCOPES = ("read", "write")


class Client(BaseModel):
    """Someone who holds a token: its hash, and what it opens."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    scopes: list[Literal[SCOPES]]


Clients = dict[str, Client]  # by name, for logs and limits
FILE = TypeAdapter(Clients)


def add_token(path: Path, name: str, *scopes: str) -> str:
    """Make a new token, store its hash, and return it: the only time it can be seen.

    Parameters
    ----------
    path : file of the tokens; it is made if it is missing, readable for its owner only.
    name : the client's name, of letters, digits, "-" and "_". A name that is there already is
        refused: rotate by adding a token of another name and removing the old one afterward.
    scopes : what it may do: "read" (recommendations, actions), "write" (events), or both.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "tokens.json"
    >>> token = add_token(path, "website", "read")
    >>> find_client(read_tokens(path), token)
    'website'
    >>> token in path.read_text()
    False
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ValueError(f'name: "{name}" has more than letters, digits, "-" and "_".')
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ValueError(f'scopes: choose from "read" and "write"; got {list(scopes)}.')
    clients = read_tokens(path)
    if name in clients:
        raise ValueError(f'name: there is a token "{name}" already. Remove it, or choose another.')
    token = secrets.token_urlsafe(32)
    clients[name] = Client(sha256=hash_of(token), scopes=sorted(set(scopes)))
    _write(path, clients)
    return token


def remove_token(path: Path, name: str) -> None:
    """Remove a client's token; a server that runs accepts it until it is started again."""
    clients = read_tokens(path)
    if name not in clients:
        raise ValueError(f'name: there is no token "{name}"; there are {sorted(clients)}.')
    del clients[name]
    _write(path, clients)


def read_tokens(path: Path) -> Clients:
    """Return the clients of a file of tokens by name; none if the file is missing.

    Raises
    ------
    ValueError
        If the file is not as `add_token` writes it.
    """
    if not path.exists():
        return {}
    try:
        return FILE.validate_json(path.read_bytes())
    except ValueError:
        raise ValueError(
            f"{path.name} is no file of tokens. Move it away and add tokens anew."
        ) from None


def find_client(clients: Clients, token: str) -> str | None:
    """Return the name of the client whose token it is, or None.

    Hashes are compared in constant time, and with every client, so the time an answer takes says
    nothing about how much of a guess was right.
    """
    digest, found = hash_of(token), None
    for name, client in clients.items():
        if hmac.compare_digest(client.sha256, digest):
            found = name
    return found


def hash_of(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def _write(path: Path, clients: Clients) -> None:
    """Write the file whole or not at all, readable for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    half.touch(0o600)
    half.write_bytes(FILE.dump_json(clients, indent=1))
    half.replace(path)
