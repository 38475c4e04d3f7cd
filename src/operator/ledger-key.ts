/** One ledger in queues and maps: `policy/namespace`, or `policy/` for cluster-scoped resources. Neither name holds a slash. */
export type LedgerKey = string;

/** `namespace`: empty for cluster-scoped resources. */
export function ledgerKey(policy: string, namespace: string): LedgerKey {
  return `${policy}/${namespace}`;
}

export function parseLedgerKey(key: LedgerKey): { readonly policy: string; readonly namespace: string } {
  const slash = key.indexOf("/");
  return { policy: key.slice(0, slash), namespace: key.slice(slash + 1) };
}
