/**
 * Takes what a pane shows out of the window: as rows (CSV, JSON) and as a picture (PNG, SVG). May
 * import {@code ui.view}, {@code ui.action} and the doors of {@code ui}.
 */
package org.iommulab.ui.export;
