/**
 * What every part of the window shares: the laboratory as the JavaFX thread sees it, the selection,
 * texts, theme and number formats. Imports the laboratory below; nothing of the workbench above.
 */
package org.iommulab.ui;
