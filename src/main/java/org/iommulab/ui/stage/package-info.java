/**
 * The stage: a lesson on the projector, with a band of words and the panes that a step shows. May
 * import {@code ui}, {@code ui.action}, {@code ui.busy}, {@code ui.player}, {@code ui.prose},
 * {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.stage;
