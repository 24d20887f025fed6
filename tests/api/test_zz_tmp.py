import io
def test_x(as_user):
    c = as_user("zhoumin")
    for name in ("a\x00b.txt", "\ud800.txt", "x"*5000+".txt", "", "../../e.txt", "a\nb.txt"):
        try:
            body = (b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode("utf-8","surrogatepass") + b'"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n')
            r = c.post("/api/v1/files", data=body, content_type="multipart/form-data; boundary=b")
            print(repr(name[:20]), r.status_code, r.json if r.status_code<500 else r.data[:200])
        except Exception as e: print("EXC", e)
    for p in ("/api/v1/users/%ED%A0%80", "/api/v1/users?q=%ED%A0%80", "/api/v1/tickets?q=%ff", "/api/v1/tickets/%ff", "/api/v1/tasks/99999999999999999999999", "/api/v1/process-incidents/99999999999999999999"):
        r = c.get(p); print(p, r.status_code)
    r = c.post("/api/v1/tokens", json={"name":"x","expires_at":"9999-12-31T23:59:59+00:00"}); print(r.status_code)
    r = c.post("/api/v1/tokens", json={"name":"x","expires_at":"9999-12-31T23:59:59-12:00"}); print(r.status_code, r.json.get("code"))
    r = c.post("/api/v1/tokens", json={"name":"x","expires_at":"0001-01-01T00:00:00+12:00"}); print(r.status_code, r.json.get("code"))
    assert 0
