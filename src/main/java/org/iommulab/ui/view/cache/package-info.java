/**
 * The caches of a remapping unit by set and way, with what is stale and why. May import {@code ui},
 * {@code ui.busy}, {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.cache;
