/**
 * The caches of a remapping unit by set and way, with what is stale and why. May import {@code
 * vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.cache;
