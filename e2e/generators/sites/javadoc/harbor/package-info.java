/** Keeps connections open and lends them. */
package harbor;
