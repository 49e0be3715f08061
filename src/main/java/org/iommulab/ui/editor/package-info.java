/**
 * The lesson editor: what is done on the workbench becomes the steps of a lesson, with captions,
 * questions and outlines. May import {@code ui}, {@code ui.settings}, {@code ui.stage}, {@code
 * ui.view.part} and the floors below.
 */
package org.iommulab.ui.editor;
