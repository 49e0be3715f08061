/**
 * The invalidation queue as a ring with head and tail and decoded descriptors. May import {@code
 * ui}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.queue;
