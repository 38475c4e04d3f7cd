import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import {
  findTokens,
  mayHoldToken,
  shortestToken,
  type TokenProvider,
  tokenProviders,
} from "../../engine/values/token-shapes.ts";
import { scannedStrings } from "../../engine/views/scanned-strings.ts";

/** What Datree called them, where it is not the name in capitals. */
const datreeNames: Partial<Record<TokenProvider, string>> = { "private-key": "PRIVATEKEY" };

const inDatree: readonly TokenProvider[] = [
  "aws",
  "bitbucket",
  "datadog",
  "gcp",
  "github",
  "gitlab",
  "heroku",
  "jwt",
  "launchdarkly",
  "newrelic",
  "npm",
  "okta",
  "private-key",
  "stripe",
  "sumologic",
  "terraform",
  "twilio",
  "vault",
];

export const rule = defineRule({
  id: "no-exposed-secret",
  revision: 1,
  title: "No live credential is written in the open",
  category: "secrets",
  severity: "Critical",
  kinds: "any",
  why: "Whoever may read the object, its manifest or its history has the credential, and nobody sees it being used. Bots find such tokens within minutes.",
  fix: "Revoke the credential first: it is known. Then put a new one into a Secret, best by an external store, and refer to it.",
  packs: { recommended: {}, strict: {}, secrets: {}, "datree-starter": {} },
  aliases: inDatree.map((provider) => ({
    id: `ALL_EXPOSED_SECRET_${datreeNames[provider] ?? provider.toUpperCase()}`,
    params: { providers: [provider] },
  })),
  references: [
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
  ],
  params: z.strictObject({
    providers: z
      .array(z.enum(tokenProviders))
      .default([...tokenProviders])
      .describe("Whose tokens are looked for"),
  }),
  // One message a provider. None takes an argument: nothing of the value may leave the rule.
  messages: {
    anthropic: "Holds what looks like an Anthropic API key",
    aws: "Holds what looks like an AWS access key id",
    "azure-storage": "Holds what looks like an Azure storage account key",
    bitbucket: "Holds what looks like a Bitbucket client secret",
    datadog: "Holds what looks like a Datadog key",
    digitalocean: "Holds what looks like a DigitalOcean token",
    dockerhub: "Holds what looks like a Docker Hub access token",
    gcp: "Holds what looks like a Google Cloud API key",
    github: "Holds what looks like a GitHub token",
    gitlab: "Holds what looks like a GitLab token",
    "google-oauth": "Holds what looks like a Google OAuth client secret",
    heroku: "Holds what looks like a Heroku API key",
    jwt: "Holds what looks like a signed JSON Web Token",
    launchdarkly: "Holds what looks like a LaunchDarkly access token",
    newrelic: "Holds what looks like a New Relic key",
    npm: "Holds what looks like an npm access token",
    okta: "Holds what looks like an Okta API token",
    openai: "Holds what looks like an OpenAI API key",
    "private-key": "Holds what looks like a private key",
    pypi: "Holds what looks like a PyPI upload token",
    sendgrid: "Holds what looks like a SendGrid API key",
    slack: "Holds what looks like a Slack token or webhook",
    stripe: "Holds what looks like a Stripe secret key",
    sumologic: "Holds what looks like a Sumo Logic access key",
    terraform: "Holds what looks like a Terraform Cloud token",
    twilio: "Holds what looks like a Twilio API key",
    "url-credentials": "Holds a URL with a password in it",
    vault: "Holds what looks like a Vault token",
  },
  check({ resource, params, report }) {
    for (const { text, path } of scannedStrings(resource, mayHoldToken, shortestToken))
      for (const provider of findTokens(text, new Set(params.providers)))
        report(provider, { path, class: provider, data: {} });
  },
});
