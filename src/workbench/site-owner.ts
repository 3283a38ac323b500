// The workbench for a site's owner, on the site's own collection one folder up.

// the whole element, so that the common modules stay in its one script
import '../widget/era-search.ts';
import { nothing } from 'lit';
import { readQueryApi, toRemoteOptions } from './query-api.ts';
import { SiteActions } from './site-actions.ts';
import { startWorkbench } from './start.ts';
import { siteHeader } from './view/site-header.ts';
import { tuneStep } from './view/tune.ts';

/**
 * The element on the site's pages opens the same folder, so that stored files, adapters included, are shared with it.
 */
const SITE = new URL('../', location.href).href;

const params = new URLSearchParams(location.search);
const api = readQueryApi(params, localStorage);
startWorkbench(
  api ? { query: toRemoteOptions(api) } : {},
  { face: 'site', api, path: undefined, compare: 'modes', keeps: true },
  (actions) => {
    const site = new SiteActions(actions);
    return {
      parts: (state) => ({
        header: siteHeader(state, site),
        first: [],
        own: [(number) => tuneStep(number, state, site.tune)],
        footer: nothing,
      }),
      open: () => site.open(SITE, params.get('q') ?? ''),
    };
  },
);
