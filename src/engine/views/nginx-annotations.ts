/** Annotations that nginx controllers read: that of the Kubernetes community, and that of NGINX itself. */
const known = /^nginx\.(?:ingress\.kubernetes\.io|org)\/(.*)/s;
const snippet = /^nginx\.(?:ingress\.kubernetes\.io\/.*-snippet|org\/.*-snippets)$/s;

/** The name behind the prefix, `server-snippet`; undefined for an annotation that no nginx controller reads. */
export function nginxAnnotation(key: string): string | undefined {
  return known.exec(key)?.[1];
}

/** Whether the annotation holds nginx configuration as such: `…/server-snippet`, `nginx.org/location-snippets`. */
export function isNginxSnippet(key: string): boolean {
  return snippet.test(key);
}
