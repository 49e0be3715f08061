/**
 * A running QEMU in the window: attaching, looking again, letting go. May import {@code
 * evidence.live} and what the window has in common.
 */
package org.iommulab.ui.live;
