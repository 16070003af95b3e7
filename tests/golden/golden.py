#!/usr/bin/env python3
"""golden.py - golden transcripts of the Kubernetes API (level: Kubernetes 1.36).

  golden.py record --server URL --tokens tokens.json [--insecure] CASEDIR...
      play every case against the genuine server and write what it answered,
      normalised, into the key "expect" of each step of the case file
  golden.py check  --server URL --tokens tokens.json [--insecure] [--only GLOB]
                   [-v] [--json out.json] CASEDIR...
      play the cases against any server and compare with the recorded answers
  golden.py stats  CASEDIR...
      count cases and steps per area

Only Python's standard library is needed.  The case format is described in
README.md next to this file.
"""
import argparse
import base64
import concurrent.futures
import datetime
import fnmatch
import http.client
import json
import os
import random
import re
import socket
import ssl
import sys
import threading
import time
import urllib.parse

REQUEST_TIMEOUT = 15.0
USER_AGENT = "golden/1.0"
HEADERS_COMPARED = ("content-type", "warning", "allow")
MISSING = object()

# --------------------------------------------------------------------------
# JSON paths:  a.b[0].c   a.b[*].c   a["x.y/z"].c
# --------------------------------------------------------------------------
_PATH_RE = re.compile(r'\[\s*(\*|-?\d+|"(?:[^"\\]|\\.)*")\s*\]|\.?([^.\[\]]+)')


def parse_path(text):
    out = []
    pos = 0
    while pos < len(text):
        m = _PATH_RE.match(text, pos)
        if not m:
            raise ValueError("bad path %r at %d" % (text, pos))
        if m.group(1) is not None:
            t = m.group(1)
            if t == "*":
                out.append("*")
            elif t.startswith('"'):
                out.append(json.loads(t))
            else:
                out.append(int(t))
        else:
            t = m.group(2)
            out.append("*" if t == "*" else t)
        pos = m.end()
    return out


def path_get(obj, text):
    cur = obj
    for p in parse_path(text):
        if isinstance(p, int) and isinstance(cur, list):
            if -len(cur) <= p < len(cur):
                cur = cur[p]
            else:
                return MISSING
        elif isinstance(cur, dict) and p in cur:
            cur = cur[p]
        else:
            return MISSING
    return cur


def path_delete(obj, path):
    if not path:
        return
    p, rest = path[0], path[1:]
    if p == "*":
        items = list(obj.keys()) if isinstance(obj, dict) else list(range(len(obj))) if isinstance(obj, list) else []
        if rest:
            for k in items:
                path_delete(obj[k], rest)
        elif isinstance(obj, (dict, list)):
            obj.clear()
        return
    if isinstance(p, int):
        if isinstance(obj, list) and -len(obj) <= p < len(obj):
            if rest:
                path_delete(obj[p], rest)
            else:
                obj[p] = "<ignored>"
        return
    if isinstance(obj, dict) and p in obj:
        if rest:
            path_delete(obj[p], rest)
        else:
            del obj[p]


def path_project(obj, paths):
    """Keep only the named paths; returns {path: value}."""
    return {t: project_one(obj, parse_path(t)) for t in paths}


def project_one(obj, path):
    if not path:
        return obj
    p, rest = path[0], path[1:]
    if p == "*":
        if isinstance(obj, list):
            return [project_one(x, rest) for x in obj]
        if isinstance(obj, dict):
            return {k: project_one(v, rest) for k, v in obj.items()}
        return "<absent>"
    if isinstance(p, int):
        if isinstance(obj, list) and -len(obj) <= p < len(obj):
            return project_one(obj[p], rest)
        return "<absent>"
    if isinstance(obj, dict) and p in obj:
        return project_one(obj[p], rest)
    return "<absent>"


def shape_of(v):
    if isinstance(v, dict):
        return {k: shape_of(x) for k, x in v.items()}
    if isinstance(v, list):
        return [shape_of(x) for x in v]
    if isinstance(v, bool):
        return "<bool>"
    if isinstance(v, (int, float)):
        return "<number>"
    if isinstance(v, str):
        return "<string>"
    return None


def path_shape(obj, path):
    if not path:
        return shape_of(obj)
    p, rest = path[0], path[1:]
    if p == "*":
        if isinstance(obj, list):
            return [path_shape(x, rest) for x in obj]
        if isinstance(obj, dict):
            return {k: path_shape(v, rest) for k, v in obj.items()}
        return obj
    if isinstance(p, int) and isinstance(obj, list) and -len(obj) <= p < len(obj):
        obj[p] = path_shape(obj[p], rest)
    elif isinstance(obj, dict) and p in obj:
        obj[p] = path_shape(obj[p], rest)
    return obj


# --------------------------------------------------------------------------
# normalisation
# --------------------------------------------------------------------------
UUID_RE = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
TIME_RE = re.compile(r"\b(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{6})?Z\b")
JWT_RE = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
IP_RE = re.compile(r"\b10\.96\.\d{1,3}\.\d{1,3}\b")
NODEPORT_RE = re.compile(r":(3[0-2]\d{3})/")
PORTMSG_RE = re.compile(r"\b(127\.0\.0\.1|\[::1\]|localhost):\d{2,5}\b")
HASH_RE = re.compile(r"hash=[0-9A-Fa-f]{16,}")
RVMSG_RES = [
    (re.compile(r"(too old resource version: )\d+ \(\d+\)"), r"\1<rv> (<rv>)"),
    (re.compile(r"(Too large resource version: )\d+(, current: )\d+"), r"\1<rv>\2<rv>"),
    (re.compile(r"(ResourceVersion in precondition: )\d+(, ResourceVersion in object meta: )\d+"), r"\1<rv>\2<rv>"),
    (re.compile(r"(ResourceVersion in object meta: )\d+"), r"\1<rv>"),
    (re.compile(r"(does not match the ResourceVersion in record \()\d+"), r"\1<rv>"),
    (re.compile(r'(resourceVersion\\?": ?\\?")\d+'), r"\1<rv>"),
]
ACCESS_RE = re.compile(r"\bkube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}\b")
# a whole object quoted inside a message (rejected patches): its text is of no interest
QUOTED_RE = re.compile(r'Invalid value: "\{\\".*\}": ', re.S)
# the textual diff that follows some messages (immutable pod specs)
DIFF_RE = re.compile(r"\n@@ .*", re.S)
AGE_RE = re.compile(r"^(\d+[ydhms])+$")
AGE_COLUMNS = {"age", "first seen", "last seen", "last schedule", "duration", "firstseen", "lastseen", "created", "created at"}


class Norm:
    def __init__(self, ns, rnd):
        self.repl = []           # (text, placeholder), longest first
        if ns:
            self.add(ns, "{ns}")
        self.add(rnd, "{rand}")
        self.today = datetime.datetime.now(datetime.timezone.utc).date()
        self.managed_fields = False
        self.columns = []

    def add(self, text, placeholder):
        if not any(t == text for t, _ in self.repl):
            self.repl.append((text, placeholder))
            self.repl.sort(key=lambda x: -len(x[0]))

    def learn_name(self, gn, name):
        if gn and isinstance(gn, str) and isinstance(name, str):
            base = gn[:58]
            if name.startswith(base) and re.fullmatch(r"[bcdfghjklmnpqrstvwxz2456789]{5}", name[len(base):]):
                self.add(name, base + "<gen>")

    def learn(self, body, sent=None):
        """Remember server-generated names so that they normalise everywhere."""
        if isinstance(body, dict):
            md = body.get("metadata")
            if isinstance(md, dict):
                self.learn_name(md.get("generateName"), md.get("name"))
            if sent and isinstance(body.get("details"), dict):
                self.learn_name(sent, body["details"].get("name"))
            for it in body.get("items") or []:
                self.learn(it)
            if isinstance(body.get("object"), dict):
                self.learn(body["object"])

    def _time(self, m):
        try:
            d = datetime.date.fromisoformat(m.group(1))
        except ValueError:
            return m.group(0)
        if abs((d - self.today).days) > 300:
            return m.group(0)
        return "<microtime>" if m.group(2) else "<time>"

    def text(self, s):
        for t, p in self.repl:
            if t in s:
                s = s.replace(t, p)
        if len(s) < 8:
            return s
        if "Invalid value: " in s:
            s = QUOTED_RE.sub('Invalid value: "<object>": ', s)
            s = DIFF_RE.sub("", s)
        elif "Forbidden: " in s:
            s = DIFF_RE.sub("", s)
        if "-" in s:
            if "kube-api-access-" in s:
                s = ACCESS_RE.sub("kube-api-access-<gen>", s)
            s = UUID_RE.sub("<uid>", s)
            s = TIME_RE.sub(self._time, s)
        s = IP_RE.sub("<ip>", s)
        if ":" in s:
            s = NODEPORT_RE.sub(":<port>/", s)
            s = PORTMSG_RE.sub(r"\1:<port>", s)
            if "esource" in s:
                for r, p in RVMSG_RES:
                    s = r.sub(p, s)
        if "hash=" in s:
            s = HASH_RE.sub("hash=<hash>", s)
        if "eyJ" in s:
            m = JWT_RE.fullmatch(s)
            if m:
                return self.jwt(s)
            s = JWT_RE.sub("<jwt>", s)
        return s

    def jwt(self, s):
        try:
            parts = [json.loads(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))) for x in s.split(".")[:2]]
        except Exception:
            return "<jwt?>"
        head, claims = parts
        iss = claims.get("iss")
        out = {"alg": head.get("alg"), "hasKid": "kid" in head}
        life = None
        if isinstance(claims.get("exp"), int) and isinstance(claims.get("iat"), int):
            life = claims["exp"] - claims["iat"]
        c = {}
        for k, v in claims.items():
            if k in ("exp", "iat", "nbf"):
                c[k] = "<number>"
            elif k == "iss":
                c[k] = "<iss>"
            elif k == "aud":
                c[k] = ["<iss>" if a == iss else a for a in v] if isinstance(v, list) else v
            elif k == "kubernetes.io":
                c[k] = self.value({x: ("<number>" if x == "warnafter" else y) for x, y in v.items()})
            else:
                c[k] = self.value(v)
        out["claims"] = c
        out["lifetime"] = life
        return {"<jwt>": out}

    def value(self, v, key=None):
        if isinstance(v, str):
            if key == "resourceVersion":
                return v if v == "" else "<rv>"
            if key == "continue":
                return v if v == "" else "<continue>"
            if key == "serverAddress":
                return "<addr>"
            return self.text(v)
        if isinstance(v, dict):
            out = {}
            for k, x in v.items():
                if k == "managedFields" and key == "metadata":
                    if not self.managed_fields:
                        continue
                    x = self.value(x, k)
                    if isinstance(x, list):
                        x.sort(key=lambda e: tuple(str(e.get(f, "")) for f in ("operation", "manager", "subresource", "apiVersion")) if isinstance(e, dict) else ())
                    out[k] = x
                    continue
                if k in ("nodePort", "healthCheckNodePort") and isinstance(x, int) and 30000 <= x <= 32767:
                    out[k] = "<port>"
                    continue
                out[self.text(k)] = self.value(x, k)
            return out
        if isinstance(v, list):
            return [self.value(x, key if key in ("clusterIPs",) else None) for x in v]
        return v

    def body(self, v):
        if isinstance(v, dict):
            kind = v.get("kind")
            if kind == "Status" and v.get("apiVersion") == "v1":
                v = self.status(v)
                return v
            if kind in ("ServiceAccountList", "ConfigMapList") and isinstance(v.get("items"), list):
                drop = "default" if kind == "ServiceAccountList" else "kube-root-ca.crt"
                v = dict(v, items=[i for i in v["items"] if (i.get("metadata") or {}).get("name") != drop])
            if kind == "Table":
                v = self.table(v)
        return self.value(v)

    def table(self, v):
        v = dict(v)
        cols = v.get("columnDefinitions")
        if isinstance(cols, list) and cols:
            self.columns = cols
            v["columnDefinitions"] = [{k: x for k, x in c.items() if k != "description"} for c in cols]
        else:
            cols = self.columns  # later events of a watch leave the columns out
        rows = []
        for r in v.get("rows") or []:
            r = dict(r)
            cells = list(r.get("cells") or [])
            for i, c in enumerate(cells):
                if i < len(cols) and isinstance(c, str) and cols[i].get("name", "").lower() in AGE_COLUMNS and AGE_RE.match(c):
                    cells[i] = "<age>"
            r["cells"] = cells
            rows.append(r)
        if "rows" in v:
            v["rows"] = rows
        return v

    def status(self, v):
        out = {k: self.value(v[k], k) for k in ("kind", "apiVersion", "status", "reason", "code", "message", "details") if k in v}
        d = out.get("details")
        if isinstance(d, dict) and isinstance(d.get("causes"), list):
            d["causes"] = sorted(d["causes"], key=lambda c: json.dumps(c, sort_keys=True))
        return out


# --------------------------------------------------------------------------
# HTTP
# --------------------------------------------------------------------------
class Server:
    def __init__(self, url, tokens, insecure, cacert):
        u = urllib.parse.urlsplit(url)
        self.scheme, self.host = u.scheme, u.hostname
        self.port = u.port or (443 if u.scheme == "https" else 80)
        self.prefix = u.path.rstrip("/")
        self.tokens = tokens
        self.ctx = None
        if self.scheme == "https":
            if insecure or not cacert:
                self.ctx = ssl.create_default_context()
                self.ctx.check_hostname = False
                self.ctx.verify_mode = ssl.CERT_NONE
            else:
                self.ctx = ssl.create_default_context(cafile=cacert)
            self.ctx.set_alpn_protocols(["http/1.1"])
        self.local = threading.local()
        self.retry_cap = None

    def new_conn(self, timeout=REQUEST_TIMEOUT):
        if self.scheme == "https":
            c = http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self.ctx)
        else:
            c = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        c.connect()
        c.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return c

    def raw_socket(self, timeout=REQUEST_TIMEOUT):
        s = socket.create_connection((self.host, self.port), timeout=timeout)
        if self.ctx:
            s = self.ctx.wrap_socket(s, server_hostname=self.host)
        return s

    def auth(self, who):
        if who == "none":
            return {}
        tok = self.tokens.get(who)
        if tok is None:
            raise KeyError("no token named %r" % who)
        return {"Authorization": "Bearer " + tok}

    def send(self, conn, method, path, headers, body):
        conn.putrequest(method, self.prefix + path, skip_accept_encoding=True)
        for k, v in headers:
            conn.putheader(k, v)
        if body is not None:
            conn.putheader("Content-Length", str(len(body)))
        elif method in ("POST", "PUT", "PATCH"):
            conn.putheader("Content-Length", "0")
        conn.endheaders()
        if body is not None:
            conn.send(body)
        return conn.getresponse()

    def request(self, method, path, headers, body=None):
        """One request on this thread's keep-alive connection."""
        for attempt in (0, 1):
            conn = getattr(self.local, "conn", None)
            fresh = conn is None
            if fresh:
                conn = self.local.conn = self.new_conn()
            try:
                r = self.send(conn, method, path, headers, body)
                data = r.read() if method != "HEAD" else (r.read() or b"")
                if r.will_close:
                    conn.close()
                    self.local.conn = None
                return r.status, r.getheaders(), data
            except (http.client.HTTPException, OSError):
                conn.close()
                self.local.conn = None
                if fresh or attempt:
                    raise


def header_list(base, extra):
    out = {k.lower(): (k, v) for k, v in base.items()}
    for k, v in (extra or {}).items():
        if v is None:
            out.pop(k.lower(), None)
        else:
            out[k.lower()] = (k, v)
    res = []
    for k, v in out.values():
        for one in (v if isinstance(v, list) else [v]):
            res.append((k, one))
    return res


# --------------------------------------------------------------------------
# playing a case
# --------------------------------------------------------------------------
ALPHA = "bcdfghjklmnpqrstvwxz2456789"
_sysrand = random.SystemRandom()


def rand_text(n):
    return "".join(_sysrand.choice(ALPHA) for _ in range(n))


class Player:
    def __init__(self, server, case):
        self.server = server
        self.case = case
        self.text = json.dumps(case)
        self.rand = "q" + rand_text(7)
        self.ns = "gt" + rand_text(8) if "{ns}" in self.text else None
        self.norm = Norm(self.ns, self.rand)
        # {{adminToken}}, {{aliceToken}}: the tokens themselves, for cases that review them
        self.vars = {k + "Token": v for k, v in server.tokens.items()}
        for k, v in server.tokens.items():
            if len(v) >= 8:
                self.norm.add(v, "<token %s>" % k)
        self.created = []
        self.unsatisfied = []

    # ---- templates
    def sub(self, v):
        if isinstance(v, str):
            m = re.fullmatch(r"\{\{(\w+)\}\}", v)
            if m and m.group(1) in self.vars:
                return self.vars[m.group(1)]
            for k, x in self.vars.items():
                v = v.replace("{{%s}}" % k, x if isinstance(x, str) else json.dumps(x))
            if self.ns:
                v = v.replace("{ns}", self.ns)
            return v.replace("{rand}", self.rand)
        if isinstance(v, dict):
            return {self.sub(k): self.sub(x) for k, x in v.items()}
        if isinstance(v, list):
            return [self.sub(x) for x in v]
        return v

    # ---- plumbing
    def admin(self, method, path, body=None, ctype="application/json"):
        h = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        h.update(self.server.auth("admin"))
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            h["Content-Type"] = ctype
        try:
            st, hd, raw = self.server.request(method, path, list(h.items()), data)
        except Exception:
            return 0, None
        try:
            return st, json.loads(raw)
        except Exception:
            return st, None

    def setup(self):
        if self.ns:
            nso = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.ns}}
            for k, v in self.sub(self.case.get("namespace") or {}).items():
                nso["metadata"][k] = v
            st, _ = self.admin("POST", "/api/v1/namespaces", nso)
            if st not in (200, 201, 409):
                return "cannot create the namespace of the case: HTTP %s" % st
            if self.case.get("serviceAccount", True):
                self.admin("POST", "/api/v1/namespaces/%s/serviceaccounts" % self.ns,
                           {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}})
        return None

    def teardown(self):
        for path in reversed(self.created):
            sep = "&" if "?" in path else "?"
            st, b = self.admin("DELETE", path + sep + "gracePeriodSeconds=0&propagationPolicy=Background")
            md = (b or {}).get("metadata") if isinstance(b, dict) else None
            if st == 200 and isinstance(md, dict) and md.get("finalizers") and "customresourcedefinitions" not in path:
                self.admin("PATCH", path, {"metadata": {"finalizers": None}}, "application/merge-patch+json")
            if re.fullmatch(r"/api/v1/namespaces/[^/]+", path):
                self.finish_ns(path.rsplit("/", 1)[1])
        if self.ns:
            self.admin("DELETE", "/api/v1/namespaces/%s" % self.ns)
            self.finish_ns(self.ns)

    def finish_ns(self, name):
        st, b = self.admin("GET", "/api/v1/namespaces/" + name)
        if st == 200 and isinstance(b, dict) and (b.get("metadata") or {}).get("deletionTimestamp"):
            b["spec"] = {"finalizers": []}
            self.admin("PUT", "/api/v1/namespaces/%s/finalize" % name, b)

    def track(self, method, path, query, status, body):
        if method == "DELETE" or status not in (200, 201) or not isinstance(body, dict) or "dryRun" in (query or {}):
            return
        if status == 200 and method != "POST":
            return
        name = (body.get("metadata") or {}).get("name") if isinstance(body.get("metadata"), dict) else None
        if not name or body.get("kind") == "Status":
            return
        if method == "POST":
            parts = path.strip("/").split("/")
            # collection paths only, no subresources
            base = 2 if parts[0] == "api" else 3
            rest = parts[base:]
            if len(rest) not in (1, 3) or (len(rest) == 3 and rest[0] != "namespaces"):
                return
            p = path.rstrip("/") + "/" + name
        else:
            p = path
        if p not in self.created:
            self.created.append(p)

    # ---- steps
    def build(self, step):
        path = self.sub(step["path"])
        query = self.sub(step.get("query")) or {}
        if query:
            pairs = []
            for k, v in query.items():
                for one in (v if isinstance(v, list) else [v]):
                    pairs.append((k, one if isinstance(one, str) else json.dumps(one)))
            path_q = path + ("&" if "?" in path else "?") + urllib.parse.urlencode(pairs)
        else:
            path_q = path
        path_q = urllib.parse.quote(path_q, safe="/?&=%:+,;@!$'()*~#[]-._")
        base = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        base.update(self.server.auth(step.get("as", "admin")))
        body = None
        if "rawBody" in step:
            body = self.sub(step["rawBody"]).encode("utf-8")
        elif "rawBodyBase64" in step:
            body = base64.b64decode(step["rawBodyBase64"])
        elif "rawBodyRepeat" in step:
            r = step["rawBodyRepeat"]
            body = (self.sub(r.get("prefix", "")) + r["unit"] * r["count"] + self.sub(r.get("suffix", ""))).encode()
        elif "body" in step:
            body = json.dumps(self.sub(step["body"])).encode("utf-8")
        if body is not None:
            base["Content-Type"] = "application/json"
        return path, path_q, query, header_list(base, self.sub(step.get("headers"))), body

    def play(self, step):
        """Returns the normalised answer of one step."""
        cmp_ = step.get("compare") or {}
        self.norm.managed_fields = bool(cmp_.get("managedFields", self.case.get("managedFields", False)))
        if "raw" in step:
            return self.play_raw(step)
        if "watch" in step:
            return self.play_watch(step)
        until = step.get("retryUntil")
        limit = float((until or {}).get("timeout", 20))
        if self.server.retry_cap is not None:
            limit = min(limit, self.server.retry_cap)
        deadline = time.monotonic() + limit
        while True:
            status, headers, raw, parsed = self.once(step)
            if not until or self.satisfied(until, status, parsed, headers):
                break
            if time.monotonic() > deadline:
                self.unsatisfied.append(self.case["steps"].index(step))
                break
            time.sleep(0.15)
        return self.answer(step, status, headers, raw, parsed)

    def satisfied(self, until, status, parsed, headers):
        if "warning" in until and not any(k.lower() == "warning" and self.sub(until["warning"]) in v for k, v in headers):
            return False
        if "status" in until and status != until["status"]:
            return False
        if "notStatus" in until and status == until["notStatus"]:
            return False
        if "absent" in until and not (isinstance(parsed, dict) and path_get(parsed, until["absent"]) is MISSING):
            return False
        if "path" in until:
            got = path_get(parsed, until["path"]) if isinstance(parsed, (dict, list)) else MISSING
            if "equals" in until and got != self.sub(until["equals"]):
                return False
            if "equals" not in until and "contains" not in until and got is MISSING:
                return False
            if "contains" in until and (not isinstance(got, str) or self.sub(until["contains"]) not in got):
                return False
        return True

    def once(self, step):
        path, path_q, query, headers, body = self.build(step)
        status, hd, raw = self.server.request(step["method"], path_q, headers, body)
        parsed = None
        ctype = next((v for k, v in hd if k.lower() == "content-type"), "")
        if "json" in ctype or raw[:1] == b"{":
            try:
                parsed = json.loads(raw)
            except ValueError:
                parsed = None
        self.track(step["method"], path, query, status, parsed)
        sent = step.get("body")
        sent = sent.get("metadata") if isinstance(sent, dict) else None
        self.norm.learn(parsed, self.sub(sent.get("generateName")) if isinstance(sent, dict) else None)
        for var, p in (step.get("capture") or {}).items():
            got = path_get(parsed, p) if parsed is not None else MISSING
            if got is not MISSING:
                self.vars[var] = got
        return status, hd, raw, parsed

    def headers_of(self, hd):
        out = {}
        for k, v in hd:
            lk = k.lower()
            if lk in HEADERS_COMPARED:
                # several warnings may share one header line
                name = {"content-type": "Content-Type", "warning": "Warning", "allow": "Allow"}[lk]
                if lk == "warning":
                    for one in re.split(r',\s*(?=\d{3} [-\w.:]+ ")', v):
                        out.setdefault(name, []).append(self.norm.text(one))
                else:
                    out[name] = v
        return out

    def answer(self, step, status, hd, raw, parsed):
        cmp_ = step.get("compare") or {}
        res = {"status": status, "headers": self.headers_of(hd)}
        if cmp_.get("noBody"):
            return res
        if parsed is not None:
            body = self.norm.body(parsed)
            body = self.filtered(cmp_, body)
            res["body"] = body
        elif raw[:4] == b"k8s\x00":
            res["body"] = {"<protobuf>": "k8s\\0"}
        elif raw:
            text = raw.decode("utf-8", "replace")
            if cmp_.get("prefix"):
                text = text[:cmp_["prefix"]]
            res["text"] = self.norm.text(text)
        return res

    def filtered(self, cmp_, body):
        if "sortBy" in cmp_:
            for p, key in cmp_["sortBy"].items():
                lst = path_get(body, p)
                if isinstance(lst, list):
                    lst.sort(key=lambda x: str(path_get(x, key)) if key else json.dumps(x, sort_keys=True))
        for p in cmp_.get("ignore", []):
            path_delete(body, parse_path(p))
        for p in cmp_.get("shape", []):
            body = path_shape(body, parse_path(p) if p else [])
        if "keep" in cmp_:
            # {"path.to.list": {"key": value}}: keep only matching elements
            for p, want in cmp_["keep"].items():
                lst = path_get(body, p)
                if isinstance(lst, list):
                    lst[:] = [x for x in lst if any(all(path_get(x, k) == v for k, v in w.items()) for w in (want if isinstance(want, list) else [want]))]
        if cmp_.get("only") and not (isinstance(body, dict) and body.get("kind") == "Status" and body.get("status") == "Failure" and not cmp_.get("onlyAlways")):
            body = path_project(body, cmp_["only"])
        return body

    def play_watch(self, step):
        w = step["watch"]
        cmp_ = step.get("compare") or {}
        path, path_q, query, headers, body = self.build(step)
        timeout = float(w.get("timeout", 10))
        conn = self.server.new_conn(timeout=timeout)
        events, closed = [], False
        try:
            r = self.server.send(conn, step["method"], path_q, headers, body)
            hd = r.getheaders()
            res = {"status": r.status, "headers": self.headers_of(hd)}
            ctype = r.getheader("Content-Type") or ""
            if r.status != 200:
                raw = r.read()
                try:
                    parsed = json.loads(raw)
                except ValueError:
                    parsed = None
                return self.answer(step, r.status, hd, raw, parsed)
            res["headers"]["Transfer-Encoding"] = r.getheader("Transfer-Encoding") or ""
            deadline = time.monotonic() + timeout
            want = w.get("events")
            while (want is None or len(events) < want) and time.monotonic() < deadline:
                try:
                    conn.sock.settimeout(max(0.05, deadline - time.monotonic())) if conn.sock else None
                    line = r.readline()
                except (socket.timeout, TimeoutError):
                    break
                if not line:
                    closed = True
                    break
                if not line.strip():
                    continue
                try:
                    ev = json.loads(line)
                except ValueError:
                    events.append({"<unparsable>": line.decode("utf-8", "replace")[:200]})
                    continue
                if ev.get("type") == "BOOKMARK" and w.get("skipBookmarks"):
                    continue
                self.norm.learn(ev)
                for var, p in (step.get("capture") or {}).items():
                    got = path_get(ev, p)
                    if got is not MISSING:
                        self.vars[var] = got
                one = {k: (self.norm.body(v) if k == "object" else self.norm.value(v)) for k, v in ev.items()}
                if isinstance(one.get("object"), dict):
                    one["object"] = self.filtered(cmp_, one["object"])
                events.append(one)
            res["events"] = events
            if w.get("closes"):
                res["closed"] = closed
            return res
        finally:
            conn.close()

    def play_raw(self, step):
        rw = step["raw"]
        data = self.sub(rw["request"])
        auth = self.server.auth(step.get("as", "admin")).get("Authorization")
        data = data.replace("{auth}", "Authorization: " + auth if auth else "X-None: 1")
        data = data.replace("{host}", "%s:%d" % (self.server.host, self.server.port))
        s = self.server.raw_socket(float(rw.get("timeout", 5)))
        buf = b""
        closed = False
        try:
            s.sendall(data.encode())
            deadline = time.monotonic() + float(rw.get("timeout", 5))
            while time.monotonic() < deadline:
                try:
                    s.settimeout(max(0.05, deadline - time.monotonic()))
                    got = s.recv(65536)
                except (socket.timeout, TimeoutError):
                    break
                except OSError:
                    closed = True
                    break
                if not got:
                    closed = True
                    break
                buf += got
                if rw.get("until") and self.sub(rw["until"]).encode() in buf:
                    break
        finally:
            s.close()
        head, _, rest = buf.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        hd = [tuple(x.strip() for x in ln.split(":", 1)) for ln in lines[1:] if ":" in ln]
        low = {k.lower(): v for k, v in hd}
        res = {"statusLine": lines[0], "headers": self.headers_of(hd),
               "framing": "chunked" if "chunked" in low.get("transfer-encoding", "") else "length" if "content-length" in low else "until-close",
               "connection": low.get("connection", "")}
        if rw.get("closes"):
            res["closed"] = closed
        if rw.get("body", True):
            body = rest
            if res["framing"] == "chunked":
                body = dechunk(rest)
                res["terminated"] = rest.rstrip().endswith(b"0")
            outs = []
            text = body.decode("utf-8", "replace")
            try:
                outs = [json.loads(text)]
            except ValueError:
                try:
                    outs = [json.loads(x) for x in text.split("\n") if x.strip()]
                except ValueError:
                    outs = [text]
            norm = []
            for o in outs:
                if isinstance(o, dict) and isinstance(o.get("object"), dict):
                    o = {k: (self.norm.body(v) if k == "object" else v) for k, v in o.items()}
                elif isinstance(o, dict):
                    o = self.norm.body(o)
                elif isinstance(o, str):
                    o = self.norm.text(o)
                norm.append(self.filtered(step.get("compare") or {}, o) if isinstance(o, dict) else o)
            res["body"] = norm
        return res


def dechunk(b):
    out = b""
    while b:
        line, _, b = b.partition(b"\r\n")
        try:
            n = int(line.split(b";")[0], 16)
        except ValueError:
            break
        if n == 0:
            break
        out += b[:n]
        b = b[n + 2:]
    return out


# --------------------------------------------------------------------------
# comparison
# --------------------------------------------------------------------------
def short(v):
    if v is MISSING:
        return "(absent)"
    t = json.dumps(v, ensure_ascii=False, sort_keys=True)
    return t if len(t) <= 700 else t[:697] + "..."


def diff(exp, got, path=""):
    if isinstance(exp, dict) and isinstance(got, dict):
        out = []
        for k in sorted(set(exp) | set(got)):
            p = "%s.%s" % (path, k) if re.fullmatch(r"[\w<>-]+", k) else '%s[%s]' % (path, json.dumps(k))
            out += diff(exp.get(k, MISSING), got.get(k, MISSING), p)
        return out
    if isinstance(exp, list) and isinstance(got, list):
        out = []
        for i in range(max(len(exp), len(got))):
            out += diff(exp[i] if i < len(exp) else MISSING, got[i] if i < len(got) else MISSING, "%s[%d]" % (path, i))
        return out
    if exp is MISSING or got is MISSING:
        return [(path, exp, got)] if exp is not got else []
    if type(exp) is bool or type(got) is bool:
        return [] if exp is got else [(path, exp, got)]
    if exp != got or (isinstance(exp, str) != isinstance(got, str)):
        return [(path, exp, got)]
    return []


# --------------------------------------------------------------------------
# verbs
# --------------------------------------------------------------------------
def load_cases(dirs, only=None):
    out = []
    for d in dirs:
        if os.path.isfile(d):
            files = [d]
        else:
            files = [os.path.join(r, f) for r, _, fs in os.walk(d) for f in fs if f.endswith(".json")]
        for f in sorted(files):
            with open(f, encoding="utf-8") as fh:
                try:
                    c = json.load(fh)
                except ValueError as e:
                    sys.exit("%s: %s" % (f, e))
            if not isinstance(c, dict) or "steps" not in c:
                continue
            if only and not any(fnmatch.fnmatch(c["name"], g) or fnmatch.fnmatch(c["area"] + "/" + c["name"], g) for g in only):
                continue
            out.append((f, c))
    return out


def save_case(f, case):
    tmp = f + ".tmp"
    with open(tmp, "w", encoding="utf-8") as fh:
        json.dump(case, fh, indent=1, ensure_ascii=False)
        fh.write("\n")
    os.replace(tmp, f)


def play_case(server, case, notes=None):
    """Returns a list with, per step, (answer or None, error text or None)."""
    p = Player(server, case)
    res = []
    try:
        err = p.setup()
        for step in case["steps"]:
            if err:
                res.append((None, err))
                continue
            try:
                res.append((p.play(step), None))
            except Exception as e:  # a broken server must not stop the run
                res.append((None, "%s: %s" % (type(e).__name__, e)))
    finally:
        try:
            p.teardown()
        except Exception:
            pass
    if notes is not None:
        notes += [(case["area"], case["name"], i) for i in p.unsatisfied]
    return res


def run_all(server, cases, jobs, each, notes=None):
    par = [x for x in cases if not x[1].get("serial")]
    ser = [x for x in cases if x[1].get("serial")]
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as ex:
        futs = {ex.submit(play_case, server, c, notes): (f, c) for f, c in par}
        for fut in concurrent.futures.as_completed(futs):
            each(futs[fut][0], futs[fut][1], fut.result())
    for f, c in ser:
        each(f, c, play_case(server, c, notes))


def cmd_record(a, server):
    cases = load_cases(a.dirs, a.only)
    if a.missing:
        cases = [(f, c) for f, c in cases if not all("expect" in s for s in c["steps"])]
    bad = []

    def each(f, c, res):
        for i, (step, (ans, err)) in enumerate(zip(c["steps"], res)):
            if err:
                step.pop("expect", None)
                bad.append((c["area"], c["name"], i, err))
            else:
                step["expect"] = ans
        save_case(f, c)

    notes = []
    run_all(server, cases, a.jobs, each, notes)
    for area, name, i in notes:
        print("RETRY ENDED WITHOUT SUCCESS %s/%s step %d" % (area, name, i))
    for area, name, i, err in bad:
        print("NOT RECORDED %s/%s step %d: %s" % (area, name, i, err))
    print("%d cases recorded, %d steps without an answer" % (len(cases), len(bad)))
    return 1 if bad else 0


def cmd_check(a, server):
    cases = load_cases(a.dirs, a.only)
    areas, report = {}, []

    def each(f, c, res):
        fails = []
        ok = 0
        for i, (step, (ans, err)) in enumerate(zip(c["steps"], res)):
            if err:
                ds = [("", "(an answer)", err)]
            elif "expect" not in step:
                ds = [("", "(nothing recorded)", "")]
            else:
                ds = diff(step["expect"], ans)
            if ds:
                fails.append((i, ds))
            else:
                ok += 1
        t = areas.setdefault(c["area"], [0, 0, 0, 0])
        t[0] += ok
        t[1] += len(c["steps"])
        t[2] += 0 if fails else 1
        t[3] += 1
        report.append({"name": c["name"], "area": c["area"], "about": c.get("about", ""), "passed": not fails,
                       "steps": len(c["steps"]), "stepsPassed": ok,
                       "failures": [{"step": i, "request": "%s %s" % (c["steps"][i].get("method", "RAW"), c["steps"][i].get("path", "")),
                                     "diffs": [{"path": p, "expected": None if e is MISSING else e, "got": None if g is MISSING else g,
                                                "expectedAbsent": e is MISSING, "gotAbsent": g is MISSING} for p, e, g in ds]}
                                    for i, ds in fails]})
        if fails and a.verbose:
            lines = ["--- FAIL %s/%s: %s" % (c["area"], c["name"], c.get("about", ""))]
            for i, ds in fails:
                s = c["steps"][i]
                lines.append("  step %d: %s %s%s%s" % (i, s.get("method", "RAW"), s.get("path", ""),
                                                       " " + json.dumps(s["query"]) if s.get("query") else "",
                                                       " as " + s["as"] if s.get("as") else ""))
                for p, e, g in ds[:a.max_diffs]:
                    lines.append("    %s\n      expected: %s\n      got:      %s" % (p or ".", short(e), short(g)))
                if len(ds) > a.max_diffs:
                    lines.append("    ... and %d more differences" % (len(ds) - a.max_diffs))
            print("\n".join(lines))

    run_all(server, cases, a.jobs, each)
    for area in sorted(areas):
        t = areas[area]
        print("%s: %d/%d steps (%d/%d cases)" % (area, t[0], t[1], t[2], t[3]))
    report.sort(key=lambda r: (r["area"], r["name"]))
    passed = sum(1 for r in report if r["passed"])
    if a.json:
        with open(a.json, "w", encoding="utf-8") as fh:
            json.dump({"areas": {k: {"stepsPassed": v[0], "steps": v[1], "casesPassed": v[2], "cases": v[3]} for k, v in sorted(areas.items())},
                       "passed": passed, "failed": len(report) - passed, "cases": report}, fh, indent=1, ensure_ascii=False)
            fh.write("\n")
    print("%d passed, %d failed" % (passed, len(report) - passed))
    return 0 if passed == len(report) else 1


def cmd_stats(a):
    t = {}
    for f, c in load_cases(a.dirs, a.only):
        x = t.setdefault(c["area"], [0, 0])
        x[0] += 1
        x[1] += len(c["steps"])
    for k, v in sorted(t.items()):
        print("%s: %d cases, %d steps" % (k, v[0], v[1]))
    print("total: %d cases, %d steps" % (sum(v[0] for v in t.values()), sum(v[1] for v in t.values())))
    return 0


def main(argv=None):
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("verb", choices=["record", "check", "stats"])
    ap.add_argument("dirs", nargs="+", metavar="CASEDIR")
    ap.add_argument("--server")
    ap.add_argument("--tokens")
    ap.add_argument("--insecure", action="store_true", help="do not verify the server's certificate")
    ap.add_argument("--cacert")
    ap.add_argument("--only", action="append", metavar="GLOB", help="on the case name or area/name; may be repeated")
    ap.add_argument("--jobs", type=int, default=4)
    ap.add_argument("--json", metavar="FILE")
    ap.add_argument("--max-diffs", type=int, default=12)
    ap.add_argument("--missing", action="store_true", help="record: only cases that lack an expectation")
    ap.add_argument("--retry-cap", type=float, metavar="SECONDS", help="give up on retried steps after this time at most")
    ap.add_argument("-v", "--verbose", action="store_true")
    a = ap.parse_intermixed_args(argv)
    if a.verb == "stats":
        return cmd_stats(a)
    if not a.server or not a.tokens:
        ap.error("--server and --tokens are needed")
    with open(a.tokens, encoding="utf-8") as fh:
        tokens = json.load(fh)
    server = Server(a.server, tokens, a.insecure, a.cacert)
    server.retry_cap = a.retry_cap
    return cmd_record(a, server) if a.verb == "record" else cmd_check(a, server)


if __name__ == "__main__":
    sys.exit(main())
