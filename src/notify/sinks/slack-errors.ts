import type { DeliveryErrorCode, Retry } from "./delivery-error.ts";

/** What a name that Slack gives as an error means for us. */
export interface SlackError {
  readonly code: DeliveryErrorCode;
  readonly retry: Retry;
  /** What is to be looked at: the credential, the field `channel`, or neither. */
  readonly about: "credential" | "channel" | "message" | "slack";
  readonly advice: string;
}

/** The error of a name, or undefined for one that Slack has invented since. */
export function slackError(name: string): SlackError | undefined {
  return groups.find(({ names }) => names.includes(name));
}

/** Errors of `chat.postMessage` and of incoming webhooks, as Slack documents them. */
const groups: readonly (SlackError & { readonly names: readonly string[] })[] = [
  {
    names: ["not_authed", "invalid_auth", "token_revoked", "account_inactive", "not_allowed_token_type"],
    code: "Unauthorized",
    retry: "never",
    about: "credential",
    advice: "Put the app's current bot token (xoxb-…) there, from OAuth & Permissions of the app.",
  },
  {
    names: ["token_expired"],
    code: "Unauthorized",
    retry: "never",
    about: "credential",
    advice: "Put a new token there, or switch token rotation off for the app: Pawl does not renew tokens.",
  },
  {
    names: ["missing_scope", "no_permission", "access_denied", "team_access_not_granted"],
    code: "Unauthorized",
    retry: "never",
    about: "credential",
    advice:
      "Give the app the scope chat:write (chat:write.public for channels it is no member of) and install it anew.",
  },
  {
    names: ["org_login_required", "two_factor_setup_required", "enterprise_is_restricted", "accesslimited"],
    code: "Unauthorized",
    retry: "never",
    about: "credential",
    advice: "The workspace does not let this app in from here: ask its administrators.",
  },
  {
    names: ["no_service", "no_service_id", "no_team", "no_active_hooks", "invalid_token", "team_disabled"],
    code: "Unauthorized",
    retry: "never",
    about: "credential",
    advice: "This webhook was revoked or never existed: make a new one in the Slack app and put its address there.",
  },
  {
    names: ["channel_not_found", "user_not_found", "messages_tab_disabled"],
    code: "UnknownChannel",
    retry: "never",
    about: "channel",
    advice: "Check its spelling, or write its id (C…); a private channel exists only for apps that were invited.",
  },
  {
    names: ["not_in_channel"],
    code: "UnknownChannel",
    retry: "never",
    about: "channel",
    advice: "Invite the app there: /invite @its-name.",
  },
  {
    names: ["is_archived", "channel_is_archived"],
    code: "UnknownChannel",
    retry: "never",
    about: "channel",
    advice: "The channel is archived: choose another one, or take it out of the archive.",
  },
  {
    names: [
      "action_prohibited",
      "posting_to_general_channel_denied",
      "restricted_action",
      "restricted_action_read_only_channel",
      "restricted_action_thread_only_channel",
      "ekm_access_denied",
      "team_added_to_org",
    ],
    code: "Rejected",
    retry: "never",
    about: "channel",
    advice: "The workspace's rules forbid the app to post there: ask its administrators, or choose another channel.",
  },
  {
    names: [
      "invalid_payload",
      "invalid_blocks",
      "invalid_blocks_format",
      "invalid_attachments",
      "invalid_metadata_format",
      "invalid_metadata_schema",
      "metadata_too_large",
      "metadata_must_be_sent_from_app",
      "missing_text_or_fallback_or_attachments",
      "msg_too_long",
      "msg_blocks_too_long",
      "no_text",
      "too_many_attachments",
      "too_many_contact_cards",
      "invalid_arguments",
      "invalid_arg_name",
      "invalid_array_arg",
      "invalid_charset",
      "invalid_form_data",
      "invalid_json",
      "invalid_post_type",
      "json_not_object",
      "missing_post_type",
    ],
    code: "InvalidPayload",
    retry: "never",
    about: "message",
    advice: "This is a mistake of Pawl: please report it with Slack's words.",
  },
  {
    names: ["ratelimited", "rate_limited", "message_limit_exceeded"],
    code: "RateLimited",
    retry: {},
    about: "slack",
    advice: "Slack takes about one message a second and channel: it is tried again.",
  },
  {
    names: [
      "fatal_error",
      "internal_error",
      "request_timeout",
      "rollup_error",
      "service_unavailable",
      "team_not_found",
      "upgrade_required",
    ],
    code: "Unreachable",
    retry: {},
    about: "slack",
    advice: "Slack has a problem of its own (https://slack-status.com): it is tried again.",
  },
];
