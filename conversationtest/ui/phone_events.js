// What a thread shows of events besides messages.

import { channelName } from "./format.js";
import { eventOf } from "./people.js";

const kinds = {
  opt_in: () => "Opted in",
  opt_out: () => "Opted out",
  switched_channel: ({ channel }) => `Switched to ${channelName(channel)}`,
  agent_joined_event: ({ agent }) => `${agentName(agent)} joined`,
  agent_left_event: ({ agent }) => `${agentName(agent)} left`,
  comment_event: ({ text }) => `Comment: ${text ?? ""}`,
  comment_reply_event: ({ text }) => `The app replied to a comment: ${text ?? ""}`,
  read_message_event: () => "The app has read the messages",
  conversation_deleted_event: () => "The contact deleted the conversation",
  generic_event: () => "Generic event",
};

function agentName(agent) {
  return agent?.display_name || (agent?.type === "BOT" ? "A bot" : "An agent");
}

// eventText returns an event as a line of a thread.
export function eventText(item) {
  const { name, content } = eventOf(item.event);
  return Object.hasOwn(kinds, name) ? kinds[name](content ?? {}) : name.replaceAll("_", " ");
}
