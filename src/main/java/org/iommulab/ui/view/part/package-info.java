/**
 * What the panes share: marks, phrases, outlines, tables with stable ids, text for export, and the
 * feed that asks the laboratory. May import the lower floors, {@code lab} and the doors of {@code
 * ui}.
 */
package org.iommulab.ui.view.part;
