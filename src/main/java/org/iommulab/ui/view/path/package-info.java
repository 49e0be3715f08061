/**
 * The path of one DMA request as a strip of stages, with the part of the IOVA space it fell into.
 * May import {@code vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.path;
