// Follows a link where routers of the page see it: their listeners at the document find no link inside a shadow root.

/** Clicks a link of the document itself: a router that takes such clicks loads the page, else the browser does. */
export function followInPage(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}
