/**
 * The path of one DMA request as a strip of stages, with the part of the IOVA space it fell into.
 * May import {@code ui}, {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.path;
