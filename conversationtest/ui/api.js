// Calls the control API of the fake.

const base = new URL("_fake/", document.baseURI);

// url returns the URL of a path of the control API, such as "events".
export function url(path) {
  return new URL(path, base);
}

// get returns the answer to a GET. It throws an Error with the reason if the fake rejects the request.
export function get(path) {
  return call("GET", path);
}

export function post(path, body = {}) {
  return call("POST", path, body);
}

export function del(path) {
  return call("DELETE", path);
}

async function call(method, path, body) {
  const response = await fetch(url(path), {
    method,
    cache: "no-store",
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.error ?? `the fake answered with ${response.status}`);
  }
  return answer;
}
