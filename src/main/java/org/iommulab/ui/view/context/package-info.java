/**
 * Root and context entries, and PASID entries in scalable mode, in decoded columns. May import
 * {@code ui}, {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.context;
