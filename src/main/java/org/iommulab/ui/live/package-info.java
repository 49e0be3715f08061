/**
 * A running QEMU in the window: attaching, looking again, letting go.
 *
 * <p>May import: {@code evidence}, {@code evidence.live}, {@code ui}, {@code ui.action}, {@code
 * ui.player}, {@code ui.settings}.
 */
package org.iommulab.ui.live;
