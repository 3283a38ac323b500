import navigation from '@11ty/eleventy-navigation';
import highlight from '@11ty/eleventy-plugin-syntaxhighlight';
import { IdAttributePlugin } from '@11ty/eleventy';
import anchor from 'markdown-it-anchor';
import footnote from 'markdown-it-footnote';
import tasks from 'markdown-it-task-lists';

export default function (config) {
  config.addPlugin(navigation);
  config.addPlugin(highlight);
  config.addPlugin(IdAttributePlugin);
  config.amendLibrary('md', (md) =>
    md.use(footnote).use(tasks).use(anchor, { permalink: anchor.permalink.linkInsideHeader() }),
  );
  return { dir: { input: 'content', includes: '../_includes' } };
}
