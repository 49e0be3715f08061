/**
 * Takes what a pane shows out of the window: as rows (CSV, JSON) and as a picture (PNG, SVG). May
 * import {@code ui}, {@code ui.action}, {@code ui.busy}, {@code ui.file}, {@code ui.view.part} and
 * {@code words}.
 */
package org.iommulab.ui.export;
