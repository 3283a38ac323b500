// The rules of a site for robots: robots.txt (RFC 9309) and X-Robots-Tag.

import robotsParser from 'robots-parser';
import { one, type ResponseHeaders } from './request.ts';

/** The product token that site owners write into robots.txt. */
export const ROBOT_NAME = 'era-search';
/** Upper bound: with a longer Crawl-delay even a small site would take days. */
const MAX_CRAWL_DELAY_MS = 10_000;
/** The least that must be read of the file; further rules are ignored (RFC 9309, 2.5). */
const MAX_ROBOTS_BYTES = 512_000;

export interface RobotRules {
  readonly allows: (url: URL) => boolean;
  /** 0 where it asks for none. */
  readonly delayMs: number;
}

export const NO_RULES: RobotRules = { allows: () => true, delayMs: 0 };

/** @param url of robots.txt itself */
export function parseRobots(url: URL, bytes: Uint8Array): RobotRules {
  const rules = robotsParser(url.href, new TextDecoder().decode(bytes.subarray(0, MAX_ROBOTS_BYTES)));
  const delaySeconds = rules.getCrawlDelay(ROBOT_NAME) ?? 0;
  return {
    allows: (page) => rules.isAllowed(page.href, ROBOT_NAME) !== false,
    delayMs: delaySeconds > 0 ? Math.min(delaySeconds * 1000, MAX_CRAWL_DELAY_MS) : 0,
  };
}

/**
 * Whether `X-Robots-Tag` excludes the page from every index, or from ours: `noindex`, `none`, `era-search: noindex`.
 */
export function isNoindex(headers: ResponseHeaders): boolean {
  const tag = headers['x-robots-tag'];
  const lines = Array.isArray(tag) ? tag : [one(tag) ?? ''];
  return lines.some((line) => {
    const [, robot, rest] = /^\s*([\w-]+)\s*:(.*)$/s.exec(line) ?? [];
    const rules = robot === undefined || isRule(robot) ? line : robot.toLowerCase() === ROBOT_NAME ? rest! : '';
    return rules.split(',').some((rule) => ['noindex', 'none'].includes(rule.trim().toLowerCase()));
  });
}

/** True for the name of a rule with a value, which looks like the name of a robot. */
function isRule(name: string): boolean {
  return /^(?:unavailable_after|max-(?:snippet|image-preview|video-preview))$/i.test(name);
}
