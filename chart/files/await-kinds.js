// Ends once the API server serves our kinds: only then can Helm make the first Policy.
const { readFileSync } = require("node:fs");
const token = readFileSync("/var/run/secrets/kubernetes.io/serviceaccount/token", "utf8");
const ask = () => fetch("https://kubernetes.default.svc/apis/pawl.dev/v1alpha1", { headers: { authorization: `Bearer ${token}` } });
const served = async () => {
  const answer = await ask();
  const { resources = [] } = answer.ok ? await answer.json() : {};
  return resources.some(({ name }) => name === "policies");
};
(async () => {
  while (!(await served())) await new Promise((resolve) => setTimeout(resolve, 500));
})();
