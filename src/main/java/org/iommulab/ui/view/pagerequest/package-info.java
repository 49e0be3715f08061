/**
 * The queue of page requests. May import {@code vtd.layout}, {@code vtd.tables}, {@code lab} and
 * the doors of {@code ui}.
 */
package org.iommulab.ui.view.pagerequest;
