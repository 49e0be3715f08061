/**
 * Real programs meet our kernel: their system calls on {@code /dev/iommu} and {@code /dev/vfio} are
 * answered by the kernel layer. May import {@code peer.host}, {@code peer.x86} and the floors
 * below.
 */
package org.iommulab.peer.exec;
