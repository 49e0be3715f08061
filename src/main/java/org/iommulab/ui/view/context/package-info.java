/**
 * Root and context entries, and PASID entries in scalable mode, in decoded columns. May import
 * {@code vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.context;
