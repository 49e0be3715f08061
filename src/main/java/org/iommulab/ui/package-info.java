/**
 * What every part of the window shares: the laboratory as the JavaFX thread sees it, the selection,
 * texts, theme and number formats. May import {@code ui.busy}, {@code ui.view.lookup} and the
 * floors below.
 */
package org.iommulab.ui;
