/**
 * What the panes share: marks, phrases, outlines, tables with stable ids, text for export, and the
 * feed that asks the laboratory. May import {@code ui}, {@code ui.view.lookup} and the floors
 * below.
 */
package org.iommulab.ui.view.part;
