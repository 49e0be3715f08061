/**
 * The queue of page requests. May import {@code ui}, {@code ui.view.lookup}, {@code ui.view.part}
 * and the floors below.
 */
package org.iommulab.ui.view.pagerequest;
