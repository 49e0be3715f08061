/**
 * A running QEMU in the window: attaching, looking again, letting go. May import {@code ui}, {@code
 * ui.action}, {@code ui.busy}, {@code ui.player}, {@code ui.settings}, {@code evidence} and {@code
 * evidence.live}.
 */
package org.iommulab.ui.live;
