/**
 * Plays presets step by step, forwards and backwards, and shows the words that go with a step. May
 * import {@code ui}, {@code ui.action}, {@code ui.busy}, {@code ui.prose}, {@code ui.settings},
 * {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.player;
