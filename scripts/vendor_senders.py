"""Signs and verifies webhooks with the vendors' own libraries; scripts/vendor-senders runs it in its environment.

`sign OUT.json` writes a list of requests: what stands under `verify:` for them, method, url, headers, body (Base64), and the
time in seconds. `verify IN.json` takes a list of requests with a kind and a key, and says which a library refuses.
"""

import base64
import datetime
import hashlib
import json
import sys
import time

import jwt
import nacl.signing
import requests
import standardwebhooks.webhooks
import stripe
import svix.webhooks
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from slack_sdk.signature import SignatureVerifier
from twilio.request_validator import RequestValidator

NOW = int(time.time())
BODY = '{"id":"evt_1","text":"Grüße","n":12.50}'
SECRET = "a secret of more than sixteen bytes"
WHSEC = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class Resolver(HTTPSignatureKeyResolver):
    """One key for everything."""

    def __init__(self, private=None, public=None):
        self.private = private
        self.public = public

    def resolve_private_key(self, key_id):
        return self.private

    def resolve_public_key(self, key_id):
        return self.public


def request(name, verify, headers, body=BODY, method="POST", url="https://hooks.example.com/hook?a=1"):
    """A request as the test reads it."""
    body = body if isinstance(body, bytes) else body.encode()
    return {
        "name": name,
        "verify": verify,
        "method": method,
        "url": url,
        "headers": headers,
        "body": base64.b64encode(body).decode(),
        "now": NOW,
    }


def pem(key):
    """A public key in PEM."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def private_pem(key):
    """A private key in PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def signed_webhooks():
    """Requests of those who sign with a secret."""
    stamp = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
    code = stripe.WebhookSignature._compute_signature(f"{NOW}.{BODY}", SECRET)
    yield request(
        "stripe", {"preset": "stripe", "secret": SECRET}, {"Stripe-Signature": f"t={NOW},v1={code}"}
    )
    signature = svix.webhooks.Webhook(WHSEC).sign("msg_1", stamp, BODY)
    yield request(
        "svix",
        {"preset": "svix", "secret": WHSEC},
        {"svix-id": "msg_1", "svix-timestamp": str(NOW), "svix-signature": signature},
    )
    signature = standardwebhooks.webhooks.Webhook(WHSEC).sign("msg_1", stamp, BODY)
    yield request(
        "standardwebhooks",
        {"preset": "standard", "secret": WHSEC},
        {"webhook-id": "msg_1", "webhook-timestamp": str(NOW), "webhook-signature": signature},
    )
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=str(NOW), body=BODY)
    yield request(
        "slack",
        {"preset": "slack", "secret": SECRET},
        {"X-Slack-Request-Timestamp": str(NOW), "X-Slack-Signature": signature},
    )


def signed_twilio():
    """Twilio's requests: a form, and JSON."""
    url = "https://hooks.example.com/hook?a=1"
    validator = RequestValidator(SECRET)
    form = {"To": "+15551234", "Body": "Grüße & mehr", "From": "+1555"}
    yield request(
        "twilio form",
        {"preset": "twilio", "secret": SECRET},
        {
            "X-Twilio-Signature": validator.compute_signature(url, form),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        },
        body=requests.models.RequestEncodingMixin._encode_params(form),
        url=url,
    )
    digest = hashlib.sha256(BODY.encode()).hexdigest()
    url = f"https://hooks.example.com/hook?bodySHA256={digest}"
    yield request(
        "twilio json",
        {"preset": "twilio", "secret": SECRET},
        {
            "X-Twilio-Signature": validator.compute_signature(url, {}),
            "Content-Type": "application/json",
        },
        url=url,
    )


def signed_pairs():
    """Requests signed with key pairs: Discord's by PyNaCl, and tokens by PyJWT."""
    key = nacl.signing.SigningKey.generate()
    signature = key.sign(f"{NOW}{BODY}".encode()).signature.hex()
    yield request(
        "discord",
        {"preset": "discord", "public_key": key.verify_key.encode().hex()},
        {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": str(NOW)},
    )
    claims = {"iss": "issuer", "aud": ["me", "you"], "exp": NOW + 60, "iat": NOW}
    keys = {
        "RS256": rsa.generate_private_key(65537, 2048),
        "PS256": rsa.generate_private_key(65537, 2048),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    }
    rules = {"preset": "jwt", "issuer": "issuer", "audience": "me"}
    for name, key in keys.items():
        token = jwt.encode(claims, private_pem(key), name, headers={"kid": "k1"})
        verify = rules | {"algorithms": [name], "public_key": pem(key.public_key())}
        yield request(f"jwt {name}", verify, {"Authorization": f"Bearer {token}"})
        jwk = json.loads(jwt.get_algorithm_by_name(name).to_jwk(key.public_key())) | {"kid": "k1"}
        verify = rules | {"algorithms": [name], "public_key": json.dumps({"keys": [jwk]})}
        yield request(f"jwk {name}", verify, {"Authorization": f"Bearer {token}"})
    secret = SECRET + " and more of it, as long as the hash"
    for name in ("HS256", "HS384", "HS512"):
        token = jwt.encode(claims, secret, name)
        verify = rules | {"algorithms": [name], "secret": secret}
        yield request(f"jwt {name}", verify, {"Authorization": f"Bearer {token}"})


COMPONENTS = ("@method", "@path", "@query", "@authority", "content-digest")


def message_algorithms():
    """Algorithms of RFC 9421, each with a private and a public key."""
    curve = ec.generate_private_key(ec.SECP256R1())
    edwards = ed25519.Ed25519PrivateKey.generate()
    numbers = rsa.generate_private_key(65537, 2048)
    return [
        (algorithms.HMAC_SHA256, SECRET.encode(), None),
        (algorithms.ED25519, edwards, edwards.public_key()),
        (algorithms.ECDSA_P256_SHA256, curve, curve.public_key()),
        (algorithms.RSA_PSS_SHA512, numbers, numbers.public_key()),
        (algorithms.RSA_V1_5_SHA256, numbers, numbers.public_key()),
    ]


def signed_messages():
    """HTTP message signatures by http-message-signatures."""
    for algorithm, private, public in message_algorithms():
        message = requests.Request(
            "POST", "https://hooks.example.com/hook?a=1", data=BODY.encode()
        ).prepare()
        signer = HTTPMessageSigner(
            signature_algorithm=algorithm,
            key_resolver=Resolver(private if public is None else private_pem(private)),
        )
        signer.sign(
            message,
            key_id="k1",
            covered_component_ids=COMPONENTS,
            created=datetime.datetime.fromtimestamp(NOW),
            label="sig1",
            body=message.body,
        )
        verify = {"preset": "http-signature", "algorithm": algorithm.algorithm_id, "key_ids": "k1"}
        verify |= {"secret": SECRET} if public is None else {"public_key": pem(public)}
        yield request(
            f"message {algorithm.algorithm_id}",
            verify | {"url": "https://hooks.example.com"},
            {
                name: message.headers[name]
                for name in ("Content-Digest", "Signature-Input", "Signature")
            },
        )


def sign(path):
    """Writes requests that the libraries signed."""
    cases = [*signed_webhooks(), *signed_twilio(), *signed_pairs(), *signed_messages()]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(cases, file)


def public_key(case):
    """The public key of a case, as PEM."""
    key = serialization.load_der_public_key(base64.b64decode(case["public_key"]))
    return pem(key).encode()


def check(case):
    """Verifies one request; raises where its library refuses."""
    headers = {name.lower(): value for name, value in case["headers"].items()}
    body = base64.b64decode(case["body"])
    kind = case["kind"]
    if kind == "stripe":
        stripe.WebhookSignature.verify_header(
            body.decode(), headers["stripe-signature"], case["secret"], 300
        )
    elif kind == "svix":
        svix.webhooks.Webhook(case["secret"]).verify(body, headers)
    elif kind == "standardwebhooks":
        standardwebhooks.webhooks.Webhook(case["secret"]).verify(body, headers)
    elif kind == "slack":
        assert SignatureVerifier(case["secret"]).is_valid(
            body, headers["x-slack-request-timestamp"], headers["x-slack-signature"]
        )
    elif kind == "twilio":
        params = dict(case["params"]) if "params" in case else body.decode()
        assert RequestValidator(case["secret"]).validate(
            case["url"], params, headers["x-twilio-signature"]
        )
    elif kind == "discord":
        key = serialization.load_der_public_key(base64.b64decode(case["public_key"]))
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        nacl.signing.VerifyKey(raw).verify(
            headers["x-signature-timestamp"].encode() + body,
            bytes.fromhex(headers["x-signature-ed25519"]),
        )
    elif kind == "jwt":
        token = headers["authorization"].removeprefix("Bearer ")
        key = case["secret"] if "secret" in case else public_key(case)
        jwt.decode(token, key, algorithms=[case["algorithm"]], audience="me", issuer="issuer")
    elif kind == "message":
        message = requests.Request("POST", case["url"], headers=headers, data=body).prepare()
        algorithm = next(
            one for one, _, _ in message_algorithms() if one.algorithm_id == case["algorithm"]
        )
        key = case["secret"].encode() if "secret" in case else public_key(case)
        assert HTTPMessageVerifier(
            signature_algorithm=algorithm, key_resolver=Resolver(public=key)
        ).verify(message, body=body)
    else:
        raise ValueError(f"there is no kind {kind}")


def verify(path):
    """Verifies requests; gives the exit code."""
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)
    refused = 0
    for case in cases:
        try:
            check(case)
        except Exception as error:  # Whatever a library says, it is a refusal.
            refused += 1
            print(f"{case['name']}: {type(error).__name__} {error}")
    return 1 if refused or not cases else 0


if __name__ == "__main__":
    if sys.argv[1] == "sign":
        sign(sys.argv[2])
        sys.exit(0)
    sys.exit(verify(sys.argv[2]))
