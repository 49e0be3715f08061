/**
 * The invalidation queue as a ring with head and tail and decoded descriptors. May import {@code
 * vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.queue;
